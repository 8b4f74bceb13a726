from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "feeds"

    def ready(self) -> None:
        from access.systems import deliveries
        from feeds.models import Match, SourceRecord
        from feeds.selectors import batches
        from feeds.worker.parting import say_apart
        from registry.worker import merging, resealing

        for model in (SourceRecord, Match):
            resealing.register(model)
        merging.when_parted(say_apart)
        deliveries.register(batches.named)
