"""A browser in words, from what it says of itself, so that people recognise their own."""

from ua_parser import parse

LONGEST_READ = 400  # longer than any browser's; patterns take long over endless text
# In these words and no others: what a browser says of itself is anybody's text.
BROWSERS = {
    "Edge": "Edge",
    "Chrome": "Chrome",
    "HeadlessChrome": "Chrome",
    "Chromium": "Chrome",
    "Firefox": "Firefox",
    "Safari": "Safari",
    "Mobile Safari": "Safari",
    "Opera": "Opera",
    "Samsung Internet": "Samsung Internet",
}
SYSTEMS = {
    "Windows": "Windows",
    "Mac OS X": "a Mac",
    "Android": "Android",
    "Chrome OS": "a Chromebook",
    "Linux": "Linux",
    "Ubuntu": "Linux",
    "Fedora": "Linux",
    "Debian": "Linux",
}
APPLE_DEVICES = {"iPhone": "an iPhone", "iPad": "an iPad"}


def in_words(user_agent: str) -> str:
    """Such as "Firefox on Windows". What is not known is said to be: "A browser on Linux", "An unknown browser"."""
    found = parse(user_agent[:LONGEST_READ])
    family = found.user_agent.family if found.user_agent else ""
    browser = BROWSERS.get(family) or BROWSERS.get(family.removesuffix(" iOS").removesuffix(" Mobile"))
    system = SYSTEMS.get(found.os.family) if found.os else None
    if found.os and found.os.family == "iOS":
        system = APPLE_DEVICES.get(found.device.family if found.device else "", "an iPhone or iPad")
    if browser is None and system is None:
        return "An unknown browser"
    return f"{browser or 'A browser'} on {system or 'an unknown system'}"
