package io.github.usertcp.testsuite.simulator;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints what each congestion control makes of paths of different length, loss and reordering, and how fairly flows share one.
 *
 * <pre>
 *   mvn -q -pl testsuite -am -DskipTests compile exec:exec@goodput &gt; testsuite/src/test/resources/goodput.txt
 * </pre>
 *
 * <p>With {@code --trace FILE ALGORITHM RTT LOSS REORDERING}, in milliseconds and per cent, it runs one of them and writes its trace.
 *
 * <p>The same code gives the same table, to the last digit; that of the code as it is lies beside the tests, one of which compares.
 */
public final class GoodputTable {
    static final List<Integer> RTT_MILLIS = List.of(10, 50, 100, 200);
    static final List<Double> LOSSES = List.of(0.0, 0.001, 0.01, 0.03);
    static final List<Integer> REORDERING_MILLIS = List.of(0, 5);

    private static final String GOODPUT_TITLE = "Goodput of one flow as a share of capacity: 100 Mbit/s, queue of one BDP, 30 s";
    private static final String GOODPUT_HEADER = "algorithm rtt ms   loss %  reorder ms    share";
    private static final String FAIRNESS_TITLE = "Jain's index of 8 flows: 100 Mbit/s, 50 ms, queue of one BDP, 60 s";
    private static final String FAIRNESS_HEADER = "algorithm  index";

    private GoodputTable() {
    }

    public static void main(String[] args) throws IOException {
        if (args.length > 0) {
            trace(args);
            return;
        }
        System.out.println(GOODPUT_TITLE);
        System.out.println(GOODPUT_HEADER);
        // Runs don't know of each other, so that they may run beside each other; the table keeps its order.
        measurements().parallelStream().map(Goodput::line).forEachOrdered(System.out::println);
        System.out.println();
        System.out.println(FAIRNESS_TITLE);
        System.out.println(FAIRNESS_HEADER);
        Algorithms.GENERAL.parallelStream().map(algorithm -> new Fairness(algorithm).line()).forEachOrdered(System.out::println);
    }

    private static void trace(String[] args) throws IOException {
        if (args.length != 6 || !args[0].equals("--trace")) {
            System.err.println("Usage: GoodputTable [--trace FILE ALGORITHM RTT LOSS REORDERING]");
            System.exit(2);
        }
        Goodput goodput = new Goodput(Algorithms.named(args[2]), Integer.parseInt(args[3]), Double.parseDouble(args[4]) / 100,
            Integer.parseInt(args[5]));
        try (Writer file = Files.newBufferedWriter(Path.of(args[1]))) {
            System.out.println(goodput.ratio(file));
        }
    }

    /** All of the table's, in its order. */
    static List<Goodput> measurements() {
        List<Goodput> all = new ArrayList<>();
        Algorithms.GENERAL.forEach(algorithm -> RTT_MILLIS.forEach(rtt -> REORDERING_MILLIS.forEach(reordering -> LOSSES.forEach(
            loss -> all.add(new Goodput(algorithm, rtt, loss, reordering))))));
        return all;
    }
}
