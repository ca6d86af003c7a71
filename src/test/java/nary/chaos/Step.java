package nary.chaos;

import java.util.List;

/** Commands, mostly one, and what goes wrong meanwhile. */
record Step(List<Order> orders, List<Fault> faults) {
    Step {
        orders = List.copyOf(orders);
        faults = List.copyOf(faults);
    }

    boolean isAlone() {
        return orders.size() == 1;
    }

    boolean has(Fault.Kind kind) {
        return faults.stream().anyMatch(it -> it.kind() == kind);
    }

    /** A command of it may be told to abort. */
    boolean aborts() {
        return faults.stream().anyMatch(Fault::aborts);
    }

    @Override
    public String toString() {
        String what = orders.isEmpty() ? "nothing" : String.join(" + ", orders.stream().map(Order::toString).toList());
        return what + (faults.isEmpty() ? "" : "  " + faults);
    }
}
