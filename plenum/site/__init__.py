"""The frame around the rooms: settings, addresses, middleware, house style, the embedded database, the demo."""
