package nary.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nary.posix.SockDiag.Connection;
import nary.posix.SockDiag.TcpState;
import org.junit.jupiter.api.Test;

/** What the kernel says of connections. */
abstract class ConnectionsContract extends UsersContract {

    @Test
    void connectionsAndListenersAreSeenByPortAndState() throws Exception {
        Address address = loopback();
        Fd member = member(address, 50);
        Closeable client = connect(address);
        later(connect(address));
        var listeners = posix().sockDiag().connections(address.port(), EnumSet.of(TcpState.LISTEN));
        var facts = sockets().facts(member);
        assertThat(listeners).singleElement().satisfies(listener -> {
            assertThat(listener.local()).isEqualTo(address);
            assertThat(listener.state()).isEqualTo(TcpState.LISTEN);
            assertThat(listener.inode()).isEqualTo(facts.inode());
            assertThat(listener.cookie()).isEqualTo(facts.cookie());
            assertThat(listener.uid()).isEqualTo(processes().uid());
            assertThat(listener.unread()).isEqualTo(2);
            assertThat(listener.unsent()).isEqualTo(50);
        });
        assertThat(states(address)).containsExactly(Map.entry(TcpState.ESTABLISHED, 2));
        client.close();
        assertThat(states(address)).containsExactlyInAnyOrderEntriesOf(Map.of(TcpState.ESTABLISHED, 1, TcpState.CLOSE_WAIT, 1));
        assertThat(posix().sockDiag().connections(freePort(), EnumSet.allOf(TcpState.class))).isEmpty();
    }

    @Test
    void knownConnectionsAreAskedForAgainOneByOne() throws Exception {
        Address address = loopback();
        member(address, 200);
        List<Closeable> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) clients.add(connect(address));
        List<Connection> known = posix().sockDiag().connections(address.port(), EnumSet.of(TcpState.ESTABLISHED));
        assertThat(known).hasSize(100);
        assertThat(posix().sockDiag().again(known).orElseThrow()).extracting(Connection::cookie).hasSameElementsAs(known.stream().map(Connection::cookie).toList());
        assertThat(posix().sockDiag().again(known.subList(0, 1)).orElseThrow()).singleElement().satisfies(it -> assertThat(it.state()).isEqualTo(TcpState.ESTABLISHED));
        for (Closeable client : clients.subList(0, 40)) client.close();
        assertThat(posix().sockDiag().again(known).orElseThrow()).filteredOn(it -> it.state() == TcpState.ESTABLISHED).hasSize(60);
        for (Closeable client : clients.subList(40, 100)) client.close();
        assertThat(posix().sockDiag().again(List.of()).orElseThrow()).isEmpty();
    }

    @Test
    void whatWaitsIsAcceptedOneByOne() throws Exception {
        Address address = loopback();
        Fd member = member(address, 50);
        sockets().block(member, false);
        assertThat(sockets().accept(member)).isEmpty();
        later(connect(address));
        later(connect(address));
        Fd first = sockets().accept(member).orElseThrow();
        assertThat(sockets().queue(member).length()).isEqualTo(1);
        Fd second = sockets().accept(member).orElseThrow();
        assertThat(sockets().accept(member)).isEmpty();
        sockets().close(first);
        sockets().close(second);
    }

    @Test
    void severalPortsAreAskedForAtOnce() throws Exception {
        List<Integer> ports = new ArrayList<>();
        List<Fd> listeners = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Address address = new Address(i % 2 == 0 ? "127.0.0.1" : "::1", freePort(), false);
            Fd listener = sockets().open(address);
            listeners.add(listener);
            sockets().share(listener);
            sockets().bind(listener, address);
            sockets().listen(listener, 5);
            ports.add(address.port());
        }
        var wanted = new HashSet<>(ports.subList(1, 4));
        for (int other = 1; other <= 60; other++) wanted.add(other);
        var seen = posix().sockDiag().connections(wanted, EnumSet.of(TcpState.LISTEN));
        assertThat(seen).extracting(it -> it.local().port()).containsAll(ports.subList(1, 4)).doesNotContain(ports.get(0), ports.get(4)).allMatch(wanted::contains);
        assertThat(posix().sockDiag().connections(Set.of(), EnumSet.allOf(TcpState.class))).isEmpty();
        listeners.forEach(sockets()::close);
    }

    private Map<TcpState, Integer> states(Address address) throws Exception {
        Map<TcpState, Integer> states = new HashMap<>();
        var alive = EnumSet.of(TcpState.ESTABLISHED, TcpState.CLOSE_WAIT);
        for (Connection connection : posix().sockDiag().connections(address.port(), alive)) {
            assertThat(connection.local()).isEqualTo(address);
            assertThat(connection.inode()).as("not accepted").isZero();
            states.merge(connection.state(), 1, Integer::sum);
        }
        return states;
    }
}
