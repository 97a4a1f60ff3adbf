"""What anybody may read: the page "what's on", the JSON API, the calendars."""
