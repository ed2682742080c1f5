"""Search spaces: from YAML to pipelines that may be."""
