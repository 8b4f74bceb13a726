"""What a browser complains about behind the page: errors, refused content, requests to other places."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Chromium says so of every page whose status is an error's; those of our own are meant.
STATUS_OF_A_PAGE = "Failed to load resource: the server responded with a status of"


@dataclass
class Watch:
    """Everything that went wrong in the windows of one browser session."""

    origins: set[str]
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of `context`, those that it has and those to come."""
        context.on("page", self._over_page)
        context.on("request", self._request)
        context.on("response", self._response)

    def _over_page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        # Content that the security policy refuses is told here too, as an error.
        if message.type in {"error", "warning"} and not message.text.startswith(STATUS_OF_A_PAGE):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" not in self.origins:
            self.complaints.append(f"request to another place: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"{response.status} for {response.url}")
