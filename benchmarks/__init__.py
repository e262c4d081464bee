"""What nnviz costs and how fast it is: `python -m benchmarks [name ...] [--quick] [--write]`."""
