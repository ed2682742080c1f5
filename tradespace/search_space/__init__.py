"""Search spaces: from YAML to the pipelines that it allows."""
