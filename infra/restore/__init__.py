"""The restore drill: the tables as they stood at one moment, restored beside the live ones and checked."""
