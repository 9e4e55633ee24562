"""Modules, inputs and resources of a configuration, evaluated."""
