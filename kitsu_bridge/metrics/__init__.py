"""Metrics for Prometheus at `/metrics`, read when they are asked for, from what every process shares: no process knows all."""
