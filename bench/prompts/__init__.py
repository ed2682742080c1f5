"""Instructions and examples raced on SmolLM2, and what was found beside the preset; `python -m bench.prompts`."""
