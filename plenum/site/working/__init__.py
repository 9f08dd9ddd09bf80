"""Doing the jobs that wait: one job, the worker that takes them up, and a worker beside the pages."""
