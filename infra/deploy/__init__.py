"""Puts the service on AWS."""
