from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"

    def ready(self) -> None:
        from access.people import asked
        from registry.protection import investigated
        from review.views.questions import waiting

        asked.register(waiting)
        investigated.register("review_override")
