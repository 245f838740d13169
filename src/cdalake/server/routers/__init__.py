"""The routes, one file per resource. They translate HTTP and call a service; nothing else."""
