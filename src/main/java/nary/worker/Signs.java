package nary.worker;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import nary.posix.Address;

/**
 * What a booting worker has shown of its readiness.
 *
 * @param probing its probe was asked for
 * @param waited its READY timer passed
 */
public record Signs(SortedSet<Address> listening, boolean online, boolean probing, boolean probed, boolean waited) {
    public static final Signs NONE = new Signs(Collections.emptySortedSet(), false, false, false, false);

    public Signs withListening(Address address) {
        var all = new TreeSet<>(listening);
        all.add(address);
        return new Signs(Collections.unmodifiableSortedSet(all), online, probing, probed, waited);
    }

    public Signs withOnline() {
        return new Signs(listening, true, probing, probed, waited);
    }

    public Signs withProbing() {
        return new Signs(listening, online, true, probed, waited);
    }

    public Signs withProbed() {
        return new Signs(listening, online, probing, true, waited);
    }

    public Signs withWaited() {
        return new Signs(listening, online, probing, probed, true);
    }
}
