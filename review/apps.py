from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"

    def ready(self) -> None:
        from access.people import asked
        from review.views.questions import waiting

        asked.register(waiting)
