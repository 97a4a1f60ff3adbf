"""What is shown where and when: listed films, movies, cinemas, showtimes, and the events published of them."""
