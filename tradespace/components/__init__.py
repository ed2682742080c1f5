"""What a pipeline is made of: the component protocol, pipelines as values, and one folder of components per role."""
