/* The table of options: parsing, the help text and what goes together all come from it. */
#include "options.h"

#include "jobs.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

static cnn_text text_of(const char *string)
{
    return (cnn_text){string, strlen(string)};
}

static const char *set_input(options *o, const char *argument)
{
    if (o->input_count == MAX_PARTS) {
        return "it can be given 64 times at most";
    }
    o->input = text_of(argument);
    o->inputs[o->input_count++] = o->input;
    o->named_inputs += strchr(argument, '=') != NULL;
    return o->input.size > 0 ? NULL
                             : "an input is 224, 224x224, 3x224x224, \"28 gray\" or vector784";
}

static const char *add_layers(options *o, const char *argument)
{
    if (o->layer_parts == MAX_PARTS) {
        return "it can be given 64 times at most; join the parts with commas";
    }
    o->layers[o->layer_parts++] = argument;
    return NULL;
}

static const char *add_define(options *o, const char *argument)
{
    if (o->define_count == 32) {
        return "it can be given 32 times at most";
    }
    o->defines[o->define_count++] = text_of(argument);
    return NULL;
}

/* "help" is in place of a name, and asks for the list of names. */
static const char *set_format(options *o, const char *argument)
{
    o->report.format = text_of(argument);
    o->help = strcmp(argument, "help") == 0 ? HELP_FORMATS : o->help;
    return NULL;
}

static const char *set_columns(options *o, const char *argument)
{
    o->report.columns = text_of(argument);
    o->help = strcmp(argument, "help") == 0 ? HELP_COLUMNS : o->help;
    return o->report.columns.size > 0 ? NULL : "no column is named; --columns help lists them";
}

static const char *set_values(options *o, const char *argument)
{
    o->values = argument;
    return NULL;
}

/* Digits alone: the C library would take signs and blanks, too. */
static bool read_number(const char *argument, uint64_t least, uint64_t most, uint64_t *out)
{
    if (argument[strspn(argument, "0123456789")] != '\0' || argument[0] == '\0') {
        return false;
    }
    errno = 0;
    *out = strtoull(argument, NULL, 10);
    return errno != ERANGE && *out >= least && *out <= most;
}

static const char *set_random(options *o, const char *argument)
{
    if (!read_number(argument, 0, UINT64_MAX, &o->seed)) {
        return "a seed is a number from 0 to 18446744073709551615";
    }
    o->random = true;
    return NULL;
}

static const char *add_check(options *o, const char *argument)
{
    if (o->check_count == MAX_PARTS) {
        return "it can be given 64 times at most; write a sheet";
    }
    o->checks[o->check_count++] = argument;
    return argument[0] != '\0' ? NULL : "write params=132863336, or @sheet.tsv";
}

static const char *add_want(options *o, const char *argument)
{
    if (o->want_count == MAX_WANTS) {
        return "it can be given 8 times at most";
    }
    o->wants[o->want_count++] = text_of(argument);
    return argument[0] != '\0' ? NULL : "write a size such as 56, or params<=5M";
}

static const char *set_samples(options *o, const char *argument)
{
    uint64_t n;
    o->samples_wanted = strcmp(argument, "?") == 0;
    if (o->samples_wanted) {
        return NULL;
    }
    if (!read_number(argument, 1, INT32_MAX, &n)) {
        return "it is a number from 1 to 2147483647";
    }
    o->report.samples = (int32_t)n;
    return NULL;
}

static const char *set_jobs(options *o, const char *argument)
{
    uint64_t n;
    if (!read_number(argument, 1, MAX_JOBS, &n)) {
        return "it is a number from 1 to 256";
    }
    o->jobs = (int)n;
    return NULL;
}

static const char *set_color(options *o, const char *argument)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(argument, names[i]) == 0) {
            o->color = (color_when)i;
            return NULL;
        }
    }
    return "it is auto, always or never";
}

/* Groups of tasks that an option goes with. */
enum {
    CHECK = FOR(CHECK_SIZES) | FOR(CHECK_GRADIENTS),
    GRADIENTS = FOR(GRADIENTS) | FOR(CHECK_GRADIENTS),
    TABLES = FOR(REPORT) | FOR(EXPLAIN),
    MEMORY = TABLES | FOR(BESIDE) | FOR(CHECK_SIZES) | FOR(BATCH) | FOR(SOLVE),
    EVERY_LIST = FOR(BATCH) - 1, /* all tasks with one list */
    PASTED = (EVERY_LIST & ~FOR(SOLVE)) | FOR(BESIDE),
    BESIDE = FOR(BESIDE),
    EVERY_TASK = EVERY_LIST | FOR(BATCH) | BESIDE
};

/* In the order of the help; it, the manual page and the completions are made from this table. */
static const option_row table[] = {
    {"input", 'i', "DIMS",
     "224, 3x224x224, \"28 gray\", vector784 (default 3x224x224); NAME=3x224x224 for each input",
     set_input, .goes_with = EVERY_TASK, .repeats = true},
    {"layers", 'l', "LIST", "the layers; may be repeated, parts are joined with commas", add_layers,
     .goes_with = EVERY_LIST | BESIDE, .repeats = true},
    {"define", 'D', "NAME=N", "override a named number of the list", add_define,
     .goes_with = EVERY_TASK, .repeats = true},
    {"all", 'a', NULL, "one row per layer, also inside definitions and groups",
     .field = offsetof(options, report.all), .goes_with = TABLES | FOR(CHECK_SIZES)},
    {"format", 'f', "FORMAT",
     "table (default), tsv, csv, json, markdown, latex, svg, dot, bars, plot", set_format,
     .goes_with = EVERY_TASK & ~FOR(FIX)},
    {"columns", 'c', "LIST", "which columns; +NAME adds to the default, \"help\" lists them",
     set_columns, .goes_with = TABLES | FOR(BATCH) | BESIDE},
    {"explain", 'e', NULL,
     "the working: formulas with numbers put in, layer by layer, and the sums",
     .asks = FOR(EXPLAIN), .goes_with = FOR(EXPLAIN)},
    {"check", 'k', "CLAIM", "check an answer: params=1792,73856, output=54, macs<=5M, @sheet.tsv",
     add_check, .asks = CHECK, .goes_with = CHECK | GRADIENTS, .repeats = true},
    {"want", 'w', "WANT", "solve for each ? of the list: 56, 64x56x56, params=5M, macs<=600M",
     add_want, .asks = FOR(SOLVE), .goes_with = FOR(SOLVE), .repeats = true},
    {"like", 0, "NAME",
     "what another program reports, and why: thop, fvcore, keras, ... (a wrong name lists them)",
     .field = offsetof(options, like),
     .empty = "write the name of a program; a wrong name lists them", .asks = FOR(LIKE),
     .goes_with = FOR(LIKE)},
    {"gradients", 'g', NULL, "derive the gradients of a loss with respect to everything",
     .asks = FOR(GRADIENTS), .goes_with = GRADIENTS},
    {"loss", 0, "LOSS",
     "for gradients: squares (default), cross-entropy, ... (a wrong name lists them)",
     .field = offsetof(options, loss), .empty = "it is squares, cross-entropy, ...",
     .goes_with = GRADIENTS},
    {"values", 0, "FILE", "for gradients: numbers, x = [1 2], W1 = [1 2; 3 4], ...", set_values,
     .goes_with = GRADIENTS},
    {"random", 0, "SEED", "for gradients: random numbers", set_random, .goes_with = GRADIENTS},
    {"from", 0, "NAME", "of pasted text: its dialect, when it is not recognised",
     .field = offsetof(options, from),
     .empty = "write python, keras-json, ...; a wrong name lists them", .goes_with = PASTED},
    {"model", 0, "NAME", "of pasted code: the class or variable that is meant",
     .field = offsetof(options, model), .empty = "write the name of a class or a variable",
     .goes_with = PASTED},
    {"fix", 0, NULL, "of pasted code: print it with its wrong numbers repaired", .asks = FOR(FIX),
     .goes_with = FOR(FIX)},
    {"standalone", 0, NULL, "LaTeX: a whole document, not a fragment",
     .field = offsetof(options, report.standalone), .goes_with = TABLES},
    {"dtype", 0, "TYPE",
     "for memory: f32 (default), f16, bf16, f64, i8; i4,i8: weights, activations",
     .field = offsetof(options, report.dtype), .goes_with = MEMORY | FOR(LIKE)},
    {"samples", 0, "N",
     "for memory: how many samples pass at once (1); ? with --want: the most that fit", set_samples,
     .goes_with = MEMORY | FOR(LIKE)},
    {"train", 0, "OPT", "memory of training with an optimizer: none, sgd, momentum, adam, adamw",
     .field = offsetof(options, report.train), .empty = "it is none, sgd, momentum, adam or adamw",
     .goes_with = MEMORY},
    {"checkpoint", 0, "N",
     "for training: N parts, or labels a,b: all but the last part, or the rows named, are computed "
     "again",
     .field = offsetof(options, report.checkpoint), .goes_with = MEMORY},
    {"device", 0, "NAME", "for training: cpu (default), cuda",
     .field = offsetof(options, report.device), .empty = "it is cpu or cuda", .goes_with = MEMORY},
    {"fold", 0, NULL, "fold batch norms into the layers before them, as for deployment",
     .field = offsetof(options, fold), .goes_with = MEMORY | FOR(LIKE)},
    {"batch", 'b', NULL, "one list per line of a file or of standard input, one row for each",
     .asks = FOR(BATCH), .goes_with = FOR(BATCH)},
    {"jobs", 'j', "N", "for --batch: work on N parts at once (default 1)", set_jobs,
     .goes_with = FOR(BATCH)},
    {"color", 0, "WHEN", "colour and bold: auto (default: on a terminal), always, never", set_color,
     .goes_with = EVERY_TASK},
    {"quiet", 'q', NULL, "no remarks and no progress", .field = offsetof(options, quiet),
     .goes_with = EVERY_TASK},
    {"list", 0, NULL, "name the built-in networks", .help = HELP_LIST, .goes_with = EVERY_TASK},
    {"help", 'h', NULL,
     "this text; \"--help layers\" documents every layer, \"--help examples\" shows uses",
     .help = HELP_OPTIONS, .goes_with = EVERY_TASK},
    {"version", 'V', NULL, "the program's version", .help = HELP_VERSION, .goes_with = EVERY_TASK},
};

enum { OPTIONS = sizeof table / sizeof *table };

const option_row *const options_table = table;
const int options_count = OPTIONS;

const help_topic help_topics[] = {{"layers", HELP_LAYERS},
                                  {"pytorch", HELP_PYTORCH},
                                  {"keras", HELP_KERAS},
                                  {"examples", HELP_EXAMPLES}};
const size_t help_topic_count = sizeof help_topics / sizeof *help_topics;

const char *const exit_meanings[EXIT_STATUSES] = {"fine", "an answer or a line of a batch is wrong",
                                                  "the command line or a list is wrong",
                                                  "reading or writing failed"};

void options_help(cnn_writer *to)
{
    char line[160];
    static const char usage[] =
        "cnncalc - exact sizes, parameters and MACs of convolutional networks\n"
        "\n"
        "  cnncalc --input 224 --layers conv3-64,maxpool,FC-4096\n"
        "  cnncalc resnet50              a built-in network\n"
        "  cnncalc mynet.cnn             a file; - is standard input\n"
        "  cnncalc vgg16 resnet50        side by side; so are several sizes: -i 224 -i 320\n"
        "\n";
    to->write(to->user, usage, sizeof usage - 1);
    for (int i = 0; i < OPTIONS; i++) {
        const char *argument = table[i].argument != NULL ? table[i].argument : "";
        const char letter[] = {'-', table[i].letter, ',', '\0'};
        char name[32];
        /* "-f, --format FORMAT    the format"; without a letter its place is blank */
        (void)snprintf(name, sizeof name, "--%s %s", table[i].name, argument);
        const int size = snprintf(line, sizeof line, "  %s %-18s %s\n",
                                  table[i].letter != 0 ? letter : "   ", name, table[i].brief);
        to->write(to->user, line, (size_t)size);
    }
    to->write(to->user, "\nexit status", 12);
    for (int i = 0; i < EXIT_STATUSES; i++) {
        const int size =
            snprintf(line, sizeof line, "%s %d %s", i > 0 ? ";" : ":", i, exit_meanings[i]);
        to->write(to->user, line, (size_t)size);
    }
    to->write(to->user, "\n", 1);
}

/* The tables that getopt_long wants, from ours; `letters` tells whose a letter is. */
static void make_getopt(struct option *longs, char *shorts, int *letters)
{
    *shorts++ = ':'; /* tell a missing argument from an unknown option */
    for (int i = 0; i < OPTIONS; i++) {
        const int has = table[i].argument != NULL ? required_argument : no_argument;
        longs[i] = (struct option){table[i].name, has, NULL, OPTIONS_FIRST_LONG + i};
        if (table[i].letter != 0) {
            letters[(unsigned char)table[i].letter] = i;
            *shorts++ = table[i].letter;
            if (has == required_argument) {
                *shorts++ = ':';
            }
        }
    }
    longs[OPTIONS] = (struct option){0};
    *shorts = '\0';
}

/* NULL, or what is wrong with the argument. */
static const char *set(options *o, const option_row *row, const char *argument)
{
    if (row->handle != NULL) {
        return row->handle(o, argument);
    }
    o->help = row->help != HELP_NONE ? row->help : o->help;
    /* offset 0 is "help" itself, which no row sets this way */
    void *field = row->field > 0 ? (char *)o + row->field : NULL;
    if (field != NULL && row->argument != NULL) {
        *(cnn_text *)field = text_of(argument);
        return argument[0] != '\0' ? NULL : row->empty;
    }
    if (field != NULL) {
        *(bool *)field = true;
    }
    return NULL;
}

/* Sets what the option sets; most may be given once. */
static bool take(options *o, int i, const char *argument)
{
    char name[32];
    (void)snprintf(name, sizeof name, "--%s", table[i].name);
    /* a flag may be repeated: it sets the same again */
    if ((o->given >> i & 1) != 0 && table[i].argument != NULL && !table[i].repeats) {
        return options_fail(name, " is given twice", "leave one out");
    }
    o->given |= (uint64_t)1 << i;
    o->asked |= table[i].asks;
    const char *wrong = set(o, &table[i], argument);
    (void)snprintf(name, sizeof name, "--%s ", table[i].name);
    return wrong == NULL || options_fail(name, argument, wrong);
}

/* What is named besides the options: a network, or the topic of --help. */
static bool read_operands(int count, char **operands, options *out)
{
    /* "--help layers" and "layers --help" are alike, because getopt moves operands to the end */
    for (size_t i = 0; count > 0 && i < help_topic_count; i++) {
        if (out->help == HELP_OPTIONS && strcmp(operands[0], help_topics[i].name) == 0) {
            out->help = help_topics[i].topic;
            return true;
        }
    }
    /* what else is named does not matter then */
    if (out->help != HELP_NONE) {
        return true;
    }
    if (count > MAX_PARTS) {
        return options_fail("there are more networks than 64; there is no place for ",
                            operands[MAX_PARTS], "a batch takes any number");
    }
    out->operand = count > 0 ? operands[0] : NULL;
    out->operand_count = count;
    for (int i = 0; i < count; i++) {
        out->operands[i] = operands[i];
    }
    return options_together(out);
}

bool options_read(int argc, char **argv, options *out)
{
    struct option longs[OPTIONS + 1];
    char shorts[2 * OPTIONS + 2];
    int letters[OPTIONS_FIRST_LONG];
    out->jobs = 1;
    make_getopt(longs, shorts, letters);
    /* messages are ours, because getopt's have another form */
    opterr = 0;
    for (;;) {
        const int result = getopt_long(argc, argv, shorts, longs, NULL);
        if (result == -1) {
            break;
        }
        if (result == '?' || result == ':') {
            return options_fail_getopt(result, argv);
        }
        if (!take(out, result >= OPTIONS_FIRST_LONG ? result - OPTIONS_FIRST_LONG : letters[result],
                  optarg)) {
            return false;
        }
    }
    return read_operands(argc - optind, argv + optind, out);
}
