"""The only place that knows HTTP's status codes and htmx."""
