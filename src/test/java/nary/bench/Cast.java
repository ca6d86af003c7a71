package nary.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import nary.bench.peer.Service;

/** Services that run beside each other, by name, and end together. */
final class Cast implements AutoCloseable {
    private final Map<String, Service> services = new LinkedHashMap<>();

    /** Starts it and waits for its first answer. */
    void add(String name, Service service) throws Exception {
        services.put(name, service);
        service.start();
        service.awaitServing();
    }

    Map<String, Service> services() {
        return services;
    }

    Service get(String name) {
        return services.get(name);
    }

    @Override
    public void close() {
        for (Service service : services.values()) {
            try {
                service.close();
            } catch (Exception e) {
                System.err.println("bench: " + service + " was not ended in order: " + e); // its mark will find it
            }
        }
    }
}
