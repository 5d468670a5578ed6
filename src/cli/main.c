/* The program: reads the command line and does what it asks. It knows networks only through the
 * public header. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "builtin_list.h"
#include "commit.h"
#include "complain.h"
#include "examples.h"
#include "run_batch.h"
#include "run_report.h"
#include "several.h"
#include "terminal.h"

/* Ends both streams. A reader who went away is no failure. */
static int finish(int status)
{
    if (streams_before_write != NULL) {
        streams_before_write(); /* nothing was written, and nothing will be */
    }
    if (!stream_close(output) && output->failure != EPIPE) {
        status = fail_io("cannot write to", "standard output", output->failure);
    }
    return stream_flush(messages) || messages->failure == EPIPE ? status : FAILED_IO;
}

/* For cnn_batch_options. */
static cnn_text find_network(void *user, cnn_text name)
{
    const cnn_example *network = cnn_example_find(name);
    (void)user;
    return network != NULL ? network->text : (cnn_text){0};
}

static int run_batch(const options *o)
{
    /* errors here are about options, not about a list */
    const list none = {0};
    const char *name = o->operand != NULL ? o->operand : "-";
    const cnn_batch_options choice = {.format = o->report.format,
                                      .columns = o->report.columns,
                                      .input = o->input,
                                      .defines = o->defines,
                                      .define_count = o->define_count,
                                      .samples = o->report.samples,
                                      .dtype = o->report.dtype,
                                      .train = o->report.train,
                                      .device = o->report.device,
                                      .checkpoint = o->report.checkpoint,
                                      .fold = o->fold,
                                      .network = find_network};
    cnn_arena arena = cnn_arena_over(first_memory, FIRST_MEMORY);
    cnn_error err = {0};
    const cnn_batch *rows = cnn_batch_make(&arena, &choice, &err);
    if (rows == NULL) {
        show_error(o, &none, &err);
        return WRONG_INPUT;
    }
    const int fd = open_input(name);
    bool wrong = false;
    const int failure = fd < 0 ? errno : batch_run(rows, fd, o->jobs, o->quiet, output, &wrong);
    if (failure != 0) {
        return fail_io("cannot read", name, failure);
    }
    return wrong ? WRONG_ANSWER : FINE;
}

/* What the program is doing when it takes long. */
static const char *work_of(const options *o)
{
    static const struct {
        uint32_t task;
        const char *work;
    } works[] = {
        {FOR(SOLVE), "solving"},
        {FOR(GRADIENTS), "deriving"},
        {FOR(CHECK_SIZES) | FOR(CHECK_GRADIENTS), "checking"},
        {FOR(EXPLAIN), "explaining"},
        {FOR(LIKE), "comparing"},
    };
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        if ((o->asked & works[i].task) != 0) {
            return works[i].work;
        }
    }
    return "reading";
}

static void put_version(void)
{
    const char *const parts[] = {"cnncalc " CNN_VERSION, commit, "\n", NULL};
    stream_strings(output, parts);
}

static int run(const options *o)
{
    static const cnn_help topics[] = {[HELP_LAYERS] = CNN_HELP_LAYERS,
                                      [HELP_PYTORCH] = CNN_HELP_PYTORCH,
                                      [HELP_KERAS] = CNN_HELP_KERAS,
                                      [HELP_FORMATS] = CNN_HELP_FORMATS};
    cnn_writer to = {stream_write, output};
    const bool batch = (o->asked & FOR(BATCH)) != 0;
    switch (o->help) {
    case HELP_OPTIONS:
        options_help(&to);
        break;
    case HELP_LAYERS:
    case HELP_PYTORCH:
    case HELP_KERAS:
    case HELP_FORMATS:
        cnn_help_write(topics[o->help], o->report.format.size > 0, &to);
        break;
    case HELP_EXAMPLES:
        examples_write(&to);
        break;
    case HELP_COLUMNS:
        cnn_help_write(batch ? CNN_HELP_BATCH_COLUMNS : CNN_HELP_COLUMNS, false, &to);
        break;
    case HELP_LIST:
        builtin_list(&to);
        break;
    case HELP_VERSION:
        put_version();
        break;
    default: /* HELP_NONE */
        /* a batch has its own progress, in lines */
        if (!batch && !o->quiet) {
            terminal_watch(work_of(o));
        }
        return batch ? run_batch(o) : several_wanted(o) ? several_run(o) : run_report(o);
    }
    return FINE;
}

int main(int argc, char **argv)
{
    static options o; /* mostly untouched, unlike on the stack */
    streams_open();
    (void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is noticed when writing */
    o.known = operand_known;
    if (!options_read(argc, argv, &o)) {
        return finish(WRONG_INPUT);
    }
    terminal_choose(o.color);
    o.report.style = terminal_styled(STDOUT_FILENO, o.color);
    o.report.width = terminal_width();
    return finish(run(&o));
}
