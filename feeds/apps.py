from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "feeds"

    def ready(self) -> None:
        from feeds.models import Match, SourceRecord
        from registry.worker import resealing

        for model in (SourceRecord, Match):
            resealing.register(model)
