"""Release a finished run: `python -m training.reasoner.release --run runs/medium --size medium --version 1`.

Writes tradespace/components/weights/tiny-reasoner-SIZE: the weights in half precision, the tokenizer, and a
manifest with the version and the SHA-256 of every file that loading reads.
"""

import argparse
import hashlib
import json
from pathlib import Path

from training.reasoner.sizes import SIZES
from training.reasoner.vocabulary import save_tokenizer

WEIGHTS = Path("tradespace/components/weights")
READ_WHEN_LOADING = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
)


def release(trained: Path, folder: Path, version: str) -> None:
    """Write the weights of a folder in Hugging Face format into another, in half precision, with a manifest."""
    import torch
    from transformers import LlamaForCausalLM

    model = LlamaForCausalLM.from_pretrained(trained, dtype=torch.float16)
    model.generation_config.do_sample = False
    model.save_pretrained(folder)
    _speak_older_words(folder / "config.json")
    save_tokenizer(folder)
    (folder / "model.safetensors").chmod(0o644)
    write_manifest(folder, version)


def _speak_older_words(config: Path) -> None:
    """Repeat in a config what transformers 4 (which vLLM may bring along) looks for under other names."""
    settings = json.loads(config.read_text())
    older = {"rope_theta": settings["rope_parameters"]["rope_theta"], "torch_dtype": settings["dtype"]}
    config.write_text(json.dumps(settings | older, indent=2) + "\n")


def write_manifest(folder: Path, version: str) -> None:
    """Write manifest.json: the version and the checksum of every file that loading reads."""
    checksums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in READ_WHEN_LOADING}
    manifest = {"version": version, "sha256": checksums}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main() -> None:
    """Read the command line and release."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--size", choices=list(SIZES), required=True)
    parser.add_argument("--version", required=True)
    arguments = parser.parse_args()
    release(arguments.run / "weights", WEIGHTS / f"tiny-reasoner-{arguments.size}", arguments.version)


if __name__ == "__main__":
    main()
