"""What this service offers by SCIM 2.0 (RFC 7643, RFC 7644): users, of whom nothing can be changed but `active`.

Only what a personnel system needs to say that somebody has left. No name, role or vetting goes out.
"""

from typing import Annotated

from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Mutability,
    Patch,
    Required,
    Resource,
    ResourceType,
    Schema,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

MOST_RESULTS = 100


class User(Resource):  # type: ignore[type-arg]  # it has no extensions
    """A person who may use the service, or is on the way to."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Required.true, Mutability.immutable, Uniqueness.server] = None
    """The e-mail address by which the person signs in."""

    active: bool | None = None
    """False while the person is suspended. Setting it to false suspends the person at once, as one who left; an
    administrator decides what comes of it. Setting it to true is refused: administrators reinstate."""


PROVIDER = ScimProvider(
    models=[User, Schema, ResourceType, ServiceProviderConfig],
    resource_types=[ResourceType.from_resource(User)],
    config=ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=True),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="OAuth 2.1 client credentials",
                description="Fetched by an accredited system with private_key_jwt; sent as Authorization: Bearer.",
            )
        ],
    ),
)
