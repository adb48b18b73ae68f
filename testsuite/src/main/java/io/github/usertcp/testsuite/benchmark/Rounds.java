package io.github.usertcp.testsuite.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was measured of one thing: a value a round. */
public final class Rounds {
    private final List<Double> values = new ArrayList<>();

    public void add(double value) {
        values.add(value);
    }

    /** NaN if nothing was measured. */
    public double median() {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
