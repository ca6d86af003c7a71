package nary.fleet.roll;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import nary.fleet.balancer.BalancerException;
import nary.fleet.plan.Place;

/** The servers that are out of rotation, each with its vigil. */
final class Vigils implements AutoCloseable {
    private final Map<Place, Vigil> all = new ConcurrentHashMap<>();

    /** Nothing if there is one already. */
    void begin(Place place, Vigil vigil) {
        if (all.putIfAbsent(place, vigil) == null) vigil.begin();
    }

    void hold(Place place) throws BalancerException, InterruptedException {
        Vigil vigil = all.get(place);
        if (vigil == null) throw new IllegalStateException(place + " is not out");
        vigil.hold();
    }

    void end(Place place) {
        Vigil vigil = all.remove(place);
        if (vigil != null) vigil.close();
    }

    @Override
    public void close() {
        all.keySet().forEach(this::end);
    }
}
