package nary.posix;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A TCP address as the kernel groups listeners: IP, port, and for IPv6 whether IPv4 is shut out. {@code ip} is the numeric text
 * ({@code 0.0.0.0}, {@code ::1}); {@code v6only} is false for IPv4.
 */
public record Address(String ip, int port, boolean v6only) implements Comparable<Address> {

    public static Address of(byte[] ip, int port, boolean v6only) {
        try {
            // getByAddress turns ::ffff:a.b.c.d into IPv4, which is also what the kernel listens on then
            return new Address(text(ip), port, ip.length == 16 && v6only);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("an IP of " + ip.length + " bytes", impossible);
        }
    }

    private static String text(byte[] ip) throws UnknownHostException {
        if (ip.length == 16 && isMapped(ip)) return "::ffff:" + InetAddress.getByAddress(ip).getHostAddress();
        return InetAddress.getByAddress(ip).getHostAddress().replaceFirst("(^|:)(0(:0)+)(:|$)", "::");
    }

    private static boolean isMapped(byte[] ip) {
        for (int i = 0; i < 10; i++) if (ip[i] != 0) return false;
        return ip[10] == -1 && ip[11] == -1;
    }

    public boolean isV6() {
        return ip.indexOf(':') >= 0;
    }

    /** 4 or 16 bytes. */
    public byte[] bytes() {
        try {
            byte[] raw = InetAddress.getByName(ip).getAddress();
            if (!isV6() || raw.length == 16) return raw;
            byte[] mapped = new byte[16];
            mapped[10] = mapped[11] = -1;
            System.arraycopy(raw, 0, mapped, 12, 4);
            return mapped;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not a numeric IP: " + ip, e);
        }
    }

    public boolean isWildcard() {
        return ip.equals("0.0.0.0") || ip.equals("::");
    }

    public boolean isLoopback() {
        return ip.startsWith("127.") || ip.equals("::1") || ip.startsWith("::ffff:127.");
    }

    /** True if one connection could arrive at both, and they are not the same listener group. */
    public boolean overlaps(Address other) {
        if (port != other.port || equals(other)) return false;
        if (isV6() == other.isV6()) return ip.equals(other.ip) || isWildcard() || other.isWildcard();
        Address six = isV6() ? this : other;
        Address four = isV6() ? other : this;
        if (six.ip.startsWith("::ffff:")) return four.isWildcard() || six.ip.endsWith(":" + four.ip);
        return six.ip.equals("::") && !six.v6only;
    }

    @Override
    public int compareTo(Address other) {
        return port != other.port ? Integer.compare(port, other.port) : toString().compareTo(other.toString());
    }

    /** {@code 127.0.0.1:80}, {@code [::]:80}, {@code [::]:80/v6only}. */
    @Override
    public String toString() {
        return (isV6() ? "[" + ip + "]" : ip) + ":" + port + (v6only ? "/v6only" : "");
    }
}
