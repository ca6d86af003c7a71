package nary.fleet.balancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import nary.fleet.Host;

/**
 * Several balancers as one. A server is out only when all say so; it is in only when all say so. All are asked at once; where one fails the
 * others are still told, so that none is left with an order that the rest have not got, and the first failure is reported.
 */
public final class AllOf implements LoadBalancer {
    private final List<LoadBalancer> balancers;

    /** @param balancers with different names; none: nothing is in front of the servers */
    public AllOf(List<LoadBalancer> balancers) {
        this.balancers = List.copyOf(balancers);
        long names = balancers.stream().map(LoadBalancer::name).distinct().count();
        if (names != balancers.size()) throw new IllegalArgumentException("two load balancers have the same name");
    }

    private interface Question<T> {
        T ask(LoadBalancer balancer) throws BalancerException, InterruptedException;
    }

    private interface Order {
        void give(LoadBalancer balancer) throws BalancerException, InterruptedException;
    }

    @Override
    public String name() {
        return balancers.isEmpty() ? "no load balancer" : balancers.stream().map(LoadBalancer::name).collect(Collectors.joining(" and "));
    }

    /** The state of the one that sends it most; the connections of all. */
    @Override
    public Standing look(Host host) throws BalancerException, InterruptedException {
        List<Standing> all = ask(it -> it.look(host));
        if (all.isEmpty()) return new Standing(Standing.State.UNKNOWN, OptionalInt.empty(), name(), "");
        Standing.State state = all.stream().map(Standing::state).min(Comparator.comparingInt(AllOf::rank)).orElseThrow();
        boolean isKnown = all.stream().allMatch(it -> it.connections().isPresent());
        int connections = all.stream().mapToInt(it -> it.connections().orElse(0)).sum();
        String text = all.stream().map(Standing::text).collect(Collectors.joining("; "));
        String instance = all.stream().map(Standing::instance).collect(Collectors.joining("; "));
        return new Standing(state, isKnown ? OptionalInt.of(connections) : OptionalInt.empty(), text, instance);
    }

    private static int rank(Standing.State state) {
        return switch (state) {
            case IN -> 0;
            case UNKNOWN -> 1;
            case DOWN -> 2;
            case DRAINING -> 3;
            case OUT -> 4;
        };
    }

    @Override
    public Optional<Pool> pool(Host host) throws BalancerException, InterruptedException {
        return ask(it -> it.pool(host)).stream().flatMap(Optional::stream).min(Comparator.comparingInt(Pool::up));
    }

    @Override
    public Prior remember(Host host) throws BalancerException, InterruptedException {
        Map<String, String> facts = new HashMap<>();
        List<Prior> priors = ask(it -> it.remember(host));
        for (int i = 0; i < balancers.size(); i++) {
            String prefix = balancers.get(i).name() + ": ";
            priors.get(i).facts().forEach((name, value) -> facts.put(prefix + name, value));
        }
        return new Prior(facts);
    }

    private static Prior part(Prior prior, LoadBalancer of) {
        String prefix = of.name() + ": ";
        Map<String, String> facts = new HashMap<>();
        prior.facts().forEach((name, value) -> {
            if (name.startsWith(prefix)) facts.put(name.substring(prefix.length()), value);
        });
        return new Prior(facts);
    }

    @Override
    public void drain(Host host) throws BalancerException, InterruptedException {
        give(it -> it.drain(host));
    }

    @Override
    public void awaitIdle(Host host, Duration limit) throws BalancerException, InterruptedException {
        give(it -> it.awaitIdle(host, limit));
    }

    @Override
    public void hold(Host host) throws BalancerException, InterruptedException {
        give(it -> it.hold(host));
    }

    @Override
    public boolean isHeld(Host host) throws BalancerException, InterruptedException {
        return ask(it -> it.isHeld(host)).stream().allMatch(it -> it);
    }

    @Override
    public void admit(Host host, Duration limit) throws BalancerException, InterruptedException {
        give(it -> it.admit(host, limit));
    }

    @Override
    public void restore(Host host, Prior prior, Duration limit) throws BalancerException, InterruptedException {
        give(it -> it.restore(host, part(prior, it), limit));
    }

    @Override
    public boolean weigh(Host host, int percent) throws BalancerException, InterruptedException {
        List<Boolean> done = ask(it -> it.weigh(host, percent));
        return !done.isEmpty() && done.stream().allMatch(it -> it);
    }

    private void give(Order order) throws BalancerException, InterruptedException {
        ask(it -> {
            order.give(it);
            return true;
        });
    }

    /** In the order of the balancers. */
    private <T> List<T> ask(Question<T> question) throws BalancerException, InterruptedException {
        if (balancers.size() == 1) return List.of(question.ask(balancers.getFirst()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> asked = balancers.stream().map(it -> threads.submit(() -> question.ask(it))).toList();
            try {
                return answers(asked);
            } catch (InterruptedException e) {
                asked.forEach(each -> each.cancel(true));
                throw e;
            }
        }
    }

    private static <T> List<T> answers(List<Future<T>> asked) throws BalancerException, InterruptedException {
        List<T> answers = new ArrayList<>();
        BalancerException first = null;
        for (Future<T> each : asked) {
            try {
                answers.add(each.get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof BalancerException reason)) throw new IllegalStateException(e.getCause());
                first = first == null ? reason : first;
            } catch (CancellationException e) {
                throw new InterruptedException();
            }
        }
        if (first != null) throw first;
        return answers;
    }

    @Override
    public void close() {
        balancers.forEach(LoadBalancer::close);
    }
}
