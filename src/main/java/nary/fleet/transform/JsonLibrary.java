package nary.fleet.transform;

import jakarta.json.spi.JsonProvider;

/** The JSON library, found once: {@code jakarta.json.Json} searches the class path for it at each call. */
final class JsonLibrary {
    static final JsonProvider JSON = JsonProvider.provider();

    private JsonLibrary() {}
}
