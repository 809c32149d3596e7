"""instant110: the backend of a police bureau's WeChat emergency-reporting service."""
