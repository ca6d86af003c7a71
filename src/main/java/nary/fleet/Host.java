package nary.fleet;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A server of an environment, as its configuration names it.
 *
 * @param name what people, the journal and, unless told otherwise, the balancer call it; unique in its environment, not blank
 * @param address what ssh connects to: a name, an IP address, or an alias of ssh_config
 * @param user whom to log in as; empty: as ssh_config says
 * @param port of its sshd, 1–65535; empty: as ssh_config says
 * @param behind how the balancer knows it: the name of its entry there, or its ADDRESS:PORT; empty: by {@code name}
 * @param weight its share of the traffic in percent of what the balancer has configured, 0–256; 100 changes nothing
 */
public record Host(String name, String address, Optional<String> user, OptionalInt port, Optional<String> behind, int weight) {
    public static final int FULL_WEIGHT = 100;
    public static final int MOST_WEIGHT = 256;

    /** @throws IllegalArgumentException if a value is out of its range, or could be taken for an option of ssh */
    public Host {
        check(!name.isBlank(), "a server without a name");
        check(!address.isBlank() && !address.startsWith("-") && !hasControl(address), "server " + name + ": '" + address + "' is no host to connect to");
        check(user.isEmpty() || !(user.get().isBlank() || user.get().startsWith("-") || hasControl(user.get())), "server " + name + ": '" + user.orElse("") + "' is no user");
        check(port.isEmpty() || (port.getAsInt() > 0 && port.getAsInt() <= 65535), "server " + name + ": port " + port.orElse(0) + " is not from 1 to 65535");
        check(weight >= 0 && weight <= MOST_WEIGHT, "server " + name + ": weight " + weight + " is not from 0 to " + MOST_WEIGHT);
    }

    /** A server given by nothing but its name; ssh_config knows the rest. */
    public static Host of(String name) {
        return new Host(name, name, Optional.empty(), OptionalInt.empty(), Optional.empty(), FULL_WEIGHT);
    }

    public Host withAddress(String other) {
        return new Host(name, other, user, port, behind, weight);
    }

    public Host withUser(String other) {
        return new Host(name, address, Optional.of(other), port, behind, weight);
    }

    public Host withPort(int other) {
        return new Host(name, address, user, OptionalInt.of(other), behind, weight);
    }

    /** @param other the name of its entry in the balancer, or its ADDRESS:PORT there */
    public Host withBehind(String other) {
        return new Host(name, address, user, port, Optional.of(other), weight);
    }

    public Host withWeight(int other) {
        return new Host(name, address, user, port, behind, other);
    }

    private static void check(boolean isGood, String otherwise) {
        if (!isGood) throw new IllegalArgumentException(otherwise);
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
