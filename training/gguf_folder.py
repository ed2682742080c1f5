"""A model of one GGUF file as a folder of Hugging Face's: weights in full precision, tokenizer and chat template.

vLLM and `transformers` then load what llama.cpp runs. Needs the package `gguf`:

    python -m training.gguf_folder --model SmolLM2-135M-Instruct.Q4_1.gguf --out smollm2
"""

from __future__ import annotations

import argparse
from pathlib import Path


def write_folder(model: Path, out: Path) -> None:
    """Write the folder; quantised weights are spelt out as 32-bit numbers, so that they are the same ones."""
    from gguf import GGUFReader
    from transformers import AutoModelForCausalLM, AutoTokenizer

    given = {"pretrained_model_name_or_path": str(model.parent), "gguf_file": model.name}
    tokenizer = AutoTokenizer.from_pretrained(**given)
    template = GGUFReader(model).get_field("tokenizer.chat_template")
    if template is not None:
        tokenizer.chat_template = template.contents()
    read = AutoModelForCausalLM.from_pretrained(**given, dtype="float32")
    if hasattr(read.config, "quantization_config"):
        del read.config.quantization_config  # it would forbid to save what is no longer quantised
    plain = AutoModelForCausalLM.from_config(read.config)
    plain.load_state_dict(read.state_dict())
    plain.save_pretrained(out)
    tokenizer.save_pretrained(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the GGUF file")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    options = parser.parse_args()
    write_folder(options.model, options.out)


if __name__ == "__main__":
    main()
