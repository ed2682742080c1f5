"""Serve a GGUF file to `openai`, and to any other client of that interface, on this machine until Ctrl-C.

    python examples/serve_gguf.py model.gguf 8080 [THREADS [SLOTS]]

One prompt is completed at a time and read from its beginning, so that an answer does not depend on what else was asked.
With SLOTS, so many are completed together (continuous batching): more in all, each slower, and rounded otherwise.
"""

import signal
import sys
import threading

from xllamacpp import CommonParams, Server, llama_flash_attn_type

parameters = CommonParams()
parameters.model.path = sys.argv[1]
parameters.port = int(sys.argv[2])
parameters.n_parallel = int(sys.argv[4]) if len(sys.argv) > 4 else 1
parameters.n_ctx = 4096 * parameters.n_parallel
parameters.cache_prompt = False
parameters.cache_ram_mib = 0
parameters.flash_attn_type = llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
parameters.verbosity = -1
if len(sys.argv) > 3:
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(sys.argv[3])

server = Server(parameters)
print(f"serving {server.listening_address}/v1", flush=True)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
threading.Event().wait()
