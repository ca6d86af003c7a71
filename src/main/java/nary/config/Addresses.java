package nary.config;

import java.net.InetAddress;
import nary.posix.Address;

/** Addresses as people type them. */
public final class Addresses {
    private Addresses() {}

    /**
     * {@code 8080} and {@code :8080} are all IPv4 addresses; {@code 127.0.0.1:80}, {@code [::]:80} (dual stack), {@code [::1]:80}.
     *
     * @throws IllegalArgumentException saying what to type instead
     */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon <= 0 ? "0.0.0.0" : text.substring(0, colon);
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        int port = Numbers.integer(text.substring(colon + 1), 1, 65535, "; use 8080, 127.0.0.1:8080 or [::]:8080");
        boolean isAmbiguous = bare.contains(":") && bare.equals(host);
        if (isAmbiguous) throw new IllegalArgumentException("'" + text + "' needs brackets around its IPv6 address, e.g. [::]:8080");
        try {
            return Address.of(InetAddress.ofLiteral(bare).getAddress(), port, false);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + bare + "' is no numeric IP address; use 8080, 127.0.0.1:8080 or [::]:8080", e);
        }
    }
}
