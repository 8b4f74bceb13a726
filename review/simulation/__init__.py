"""A synthetic year of the service: what people do with it, and what some do whom nobody should have let in.

Detection is measured by it, and the demonstration begins with some weeks of it. It knows nothing of the rules and
explanations by which it is judged, nor may it: what people do is taken from cases and studies (docs/simulated-year.md).
"""
