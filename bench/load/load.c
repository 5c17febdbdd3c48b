/* Asks a DNS server over UDP, and tells how it answered, as JSON.
 *
 * Closed loop: each lane sends its window as one burst, and the next burst once all of it is answered or given up. Rate
 * is what the server makes of that; latency counts from the sending.
 * Open loop (--rate): questions leave at a steady rate whatever the answers do, and latency counts from the time a
 * question was meant to leave. A server that stalls therefore has to answer for all that came meanwhile.
 *
 * It spins and never sleeps, so it needs a core of its own, and costs a server no wake-ups. */
#include "lane.h"

#include <arpa/inet.h>
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND 1000000000ull
#define EXPIRY_PERIOD (SECOND / 200)
#define CATCH_UP 64 /* questions sent in a row, when late, before replies are looked at */

static struct {
    struct sockaddr_in target;
    const char *questions;
    unsigned sockets, window;
    double seconds, timeout, rate;
    bool trains;
} options = {.sockets = 192, .window = 1, .seconds = 2, .timeout = 0.5};

static struct questions questions;
static struct lane *lanes;
static struct tally tally;

static void take_all(void)
{
    for (unsigned n = 0; n < options.sockets; n++)
        if (lanes[n].waiting)
            lane_take(&lanes[n], &tally);
}

static void expire_all(uint64_t now)
{
    static uint64_t next;
    if (now < next)
        return;
    next = now + EXPIRY_PERIOD;
    for (unsigned n = 0; n < options.sockets; n++)
        lane_expire(&lanes[n], now - (uint64_t)(options.timeout * SECOND), &tally);
}

static void run_closed(uint64_t end)
{
    for (uint64_t now; (now = now_ns()) < end;) {
        expire_all(now);
        for (unsigned n = 0; n < options.sockets; n++) {
            if (lanes[n].waiting)
                lane_take(&lanes[n], &tally);
            if (!lanes[n].waiting)
                lane_ask(&lanes[n], &questions, options.window, now_ns(), &tally);
        }
    }
}

static void ask_on_time(uint64_t due, unsigned lane)
{
    uint64_t now = now_ns();
    histogram_add(&tally.lateness, now - due);
    if (lane_is_full(&lanes[lane]))
        tally.unsent++;
    else
        lane_ask(&lanes[lane], &questions, 1, due, &tally);
}

/* Ends when all are asked, be it late: none that was meant is left out. */
static void run_open(uint64_t begin)
{
    uint64_t asked = 0, due = begin, all = (uint64_t)(options.rate * options.seconds + 0.5);
    while (asked < all) {
        uint64_t now = now_ns();
        expire_all(now);
        for (unsigned n = 0; n < CATCH_UP && asked < all && due <= now; n++) {
            ask_on_time(due, asked % options.sockets);
            due = begin + (uint64_t)(++asked * (SECOND / options.rate));
        }
        take_all();
    }
}

static bool some_wait(void)
{
    for (unsigned n = 0; n < options.sockets; n++)
        if (lanes[n].waiting)
            return true;
    return false;
}

static void await_the_last(void)
{
    while (some_wait()) {
        expire_all(now_ns());
        take_all();
    }
}

static void print_histogram(const char *name, const struct histogram *histogram)
{
    printf("\"%s\": {\"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f, \"mean\": %.3f}", name,
           histogram_percentile(histogram, 0.5) / 1e3, histogram_percentile(histogram, 0.9) / 1e3,
           histogram_percentile(histogram, 0.99) / 1e3, histogram_percentile(histogram, 0.999) / 1e3,
           histogram->highest / 1e3, histogram->total ? histogram->sum / histogram->total / 1e3 : 0);
}

static double cpu_seconds(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec + used.tv_nsec / 1e9;
}

static void print_report(double seconds, uint64_t in_time, double core_share)
{
    printf("{\"seconds\": %.6f, \"rate\": %.1f, ", seconds, in_time / seconds);
    printf("\"sent\": %ju, \"answered\": %ju, \"lost\": %ju, \"stray\": %ju, \"unsent\": %ju, ", tally.sent,
           tally.answered, tally.lost, tally.stray, tally.unsent);
    printf("\"malformed\": %ju, \"truncated\": %ju, \"with_answer\": %ju, \"octets\": %ju, \"errors\": %ju, ",
           tally.malformed, tally.truncated, tally.with_answer, tally.octets, tally.errors);
    printf("\"rcodes\": [");
    for (int n = 0; n < 16; n++)
        printf("%s%ju", n ? ", " : "", tally.rcodes[n]);
    printf("], \"core_share\": %.4f, ", core_share);
    print_histogram("latency_us", &tally.latency);
    printf(", ");
    print_histogram("lateness_us", &tally.lateness);
    printf("}\n");
}

static void parse_target(const char *text)
{
    char address[INET_ADDRSTRLEN] = "";
    const char *colon = strrchr(text, ':');
    if (colon && (size_t)(colon - text) < sizeof address)
        memcpy(address, text, colon - text);
    options.target.sin_family = AF_INET;
    options.target.sin_port = htons(colon ? atoi(colon + 1) : 0);
    if (inet_pton(AF_INET, address, &options.target.sin_addr) != 1 || !options.target.sin_port)
        errx(2, "'%s' is no IPv4 address with a port; write 127.0.0.1:5300", text);
}

static void parse_options(int count, char **words)
{
    static const struct option known[] = {
        {"target", 1, 0, 't'},  {"questions", 1, 0, 'q'}, {"sockets", 1, 0, 'n'}, {"window", 1, 0, 'w'},
        {"seconds", 1, 0, 's'}, {"timeout", 1, 0, 'o'},   {"rate", 1, 0, 'r'},    {"trains", 0, 0, 'g'}, {0},
    };
    for (int option; (option = getopt_long(count, words, "", known, NULL)) != -1;)
        switch (option) {
        case 't': parse_target(optarg); break;
        case 'q': options.questions = optarg; break;
        case 'n': options.sockets = atoi(optarg); break;
        case 'w': options.window = atoi(optarg); break;
        case 's': options.seconds = atof(optarg); break;
        case 'o': options.timeout = atof(optarg); break;
        case 'r': options.rate = atof(optarg); break;
        case 'g': options.trains = true; break;
        default: exit(2);
        }
    if (!options.questions || !options.target.sin_port || !options.sockets || options.sockets > 4096 ||
        !options.window || options.window > LANE_BURST || options.seconds <= 0 || options.timeout <= 0)
        errx(2, "load --target ADDR:PORT --questions FILE [--sockets 192] [--window 1, at most %d] [--seconds 2]"
                " [--timeout 0.5] [--rate QUESTIONS_A_SECOND] [--trains]", LANE_BURST);
}

int main(int count, char **words)
{
    parse_options(count, words);
    questions = read_questions(options.questions);
    lanes = calloc(options.sockets, sizeof *lanes);
    if (!lanes)
        err(1, "no memory for %u sockets", options.sockets);
    for (unsigned n = 0; n < options.sockets; n++)
        lane_open(&lanes[n], &options.target, options.trains);
    double used = cpu_seconds();
    uint64_t begin = now_ns();
    if (options.rate > 0)
        run_open(begin);
    else
        run_closed(begin + (uint64_t)(options.seconds * SECOND));
    double took = (now_ns() - begin) / (double)SECOND;
    double core_share = (cpu_seconds() - used) / took;
    uint64_t in_time = tally.answered;
    await_the_last();
    print_report(took, in_time, core_share);
    return 0;
}
