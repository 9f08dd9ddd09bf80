"""The interface for programs: one API that collects what every room offers."""
