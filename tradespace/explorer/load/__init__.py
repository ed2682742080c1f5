"""What pipelines take under load: arrivals, queues, batches and replicas, computed from measured seconds."""
