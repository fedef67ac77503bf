"""What a call on the embedded AWS costs, and what it costs on stock moto."""
