"""Pure: a publisher's document, read into screenings and claims."""
