"""The same for systems that speak FHIR, as those of the NHS do: children, who works with them, and one's own history.

JSON alone, by FHIR R4 (4.0.1). Resources are built by fhir.resources, which has no R4 but R4B (4.3.0): of the resources
that are sent here HL7 changed no element between the two, and each that is sent is valid by either.

A view here and its twin in api/views call the same actions with the same actor, and are held to the same budgets.
"""
