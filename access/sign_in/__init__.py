"""How a person shows who they are: password, second factors, an authority's account; and where they are signed in."""
