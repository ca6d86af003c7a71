package nary.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.control.Json;
import nary.control.WireException;

/** What a worker of {@code whoami.py} says it runs as. */
record WhoAmI(Map<?, ?> facts) {

    /** The command of a server that tells, readable by everybody in the site's directory. */
    static List<String> command(Site site, int port) throws IOException {
        Path script = site.directory().resolve("whoami.py");
        if (!Files.exists(script)) Files.copy(Distribution.get().source("python/whoami.py"), script);
        return List.of("/usr/bin/python3", script.toString(), "" + port);
    }

    static WhoAmI ask(int port) throws IOException {
        try (Wire wire = Wire.connect(port)) {
            return of(wire.get("/"));
        }
    }

    static WhoAmI of(String json) {
        try {
            if (Json.read(json) instanceof Map<?, ?> facts) return new WhoAmI(facts);
        } catch (WireException e) {
            throw new AssertionError("no JSON: " + json, e);
        }
        throw new AssertionError("no object: " + json);
    }

    String fact(String name) {
        return String.valueOf(facts.get(name));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(((Map<?, ?>) facts.get("env")).get(name)).map(String::valueOf);
    }

    Map<?, ?> environment() {
        return (Map<?, ?>) facts.get("env");
    }
}
