/* The table of options: parsing and the help text both come from it. */
#include "options.h"

#include "jobs.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files.h"

/* Handlers return NULL, or what is wrong with their argument. */
typedef const char *handler(options *o, const char *argument);

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

static const char *set_all(options *o, const char *argument)
{
    (void)argument;
    o->report.all = true;
    return NULL;
}

static const char *set_format(options *o, const char *argument)
{
    o->report.format = text_of(argument);
    o->task = strcmp(argument, "help") == 0 ? TASK_HELP_FORMATS : o->task;
    return NULL;
}

static const char *set_columns(options *o, const char *argument)
{
    o->report.columns = text_of(argument);
    o->task = strcmp(argument, "help") == 0 ? TASK_HELP_COLUMNS : o->task;
    return o->report.columns.size > 0 ? NULL : "no column is named; --columns help lists them";
}

static const char *set_explain(options *o, const char *argument)
{
    (void)argument;
    o->explain = true;
    return NULL;
}

static const char *set_gradients(options *o, const char *argument)
{
    (void)argument;
    o->gradients = true;
    return NULL;
}

static const char *set_loss(options *o, const char *argument)
{
    o->loss = text_of(argument);
    return o->loss.size > 0 ? NULL : "it is squares, cross-entropy, ...";
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

static const char *set_standalone(options *o, const char *argument)
{
    (void)argument;
    o->report.standalone = true;
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

static const char *set_like(options *o, const char *argument)
{
    o->like = text_of(argument);
    return argument[0] != '\0' ? NULL
                               : "write torchinfo, thop, ptflops, fvcore, darknet, keras or cs231n";
}

static const char *set_dtype(options *o, const char *argument)
{
    o->report.dtype = text_of(argument);
    return NULL;
}

static const char *set_samples(options *o, const char *argument)
{
    uint64_t n;
    if (!read_number(argument, 1, INT32_MAX, &n)) {
        return "it is a number from 1 to 2147483647";
    }
    o->report.samples = (int32_t)n;
    return NULL;
}

static const char *set_train(options *o, const char *argument)
{
    o->report.train = text_of(argument);
    return argument[0] != '\0' ? NULL : "it is none, sgd, momentum, adam or adamw";
}

static const char *set_device(options *o, const char *argument)
{
    o->report.device = text_of(argument);
    return argument[0] != '\0' ? NULL : "it is cpu or cuda";
}

static const char *set_from(options *o, const char *argument)
{
    o->from = text_of(argument);
    return argument[0] != '\0' ? NULL : "write python, pytorch-print or layers";
}

static const char *set_model(options *o, const char *argument)
{
    o->model = text_of(argument);
    return argument[0] != '\0' ? NULL : "write the name of a class or a variable";
}

static const char *set_fix(options *o, const char *argument)
{
    (void)argument;
    o->fix = true;
    return NULL;
}

static const char *set_batch(options *o, const char *argument)
{
    (void)argument;
    o->batch = true;
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

static const char *ask_list(options *o, const char *argument)
{
    (void)argument;
    o->task = TASK_LIST;
    return NULL;
}

static const char *ask_help(options *o, const char *argument)
{
    (void)argument;
    o->task = TASK_HELP;
    return NULL;
}

static const char *ask_version(options *o, const char *argument)
{
    (void)argument;
    o->task = TASK_VERSION;
    return NULL;
}

static const struct {
    const char *name;
    char letter; /* 0: none */
    const char *argument;
    const char *brief;
    handler *handle;
} table[] = {
    {"input", 'i', "DIMS", "224, 224x224, 3x224x224, \"28 gray\", vector784 (default 3x224x224)",
     set_input},
    {"layers", 'l', "LIST", "the layers; may be repeated, parts are joined with commas",
     add_layers},
    {"define", 'D', "NAME=N", "override a named number of the list", add_define},
    {"all", 'a', NULL, "one row per layer, also inside definitions and groups", set_all},
    {"format", 'f', "FORMAT", "table (default), tsv, csv, json, markdown, latex, svg, dot",
     set_format},
    {"columns", 'c', "LIST", "which columns; +NAME adds to the default, \"help\" lists them",
     set_columns},
    {"explain", 'e', NULL,
     "the working: formulas with numbers put in, layer by layer, and the sums", set_explain},
    {"check", 'k', "CLAIM", "check an answer: params=1792,73856, output=54, macs<=5M, @sheet.tsv",
     add_check},
    {"want", 'w', "WANT", "solve for each ? of the list: 56, 64x56x56, params=5M, macs<=600M",
     add_want},
    {"like", 0, "NAME",
     "what another program reports, and why: thop, fvcore, keras, ... (a wrong name lists them)",
     set_like},
    {"gradients", 'g', NULL, "derive the gradients of a loss with respect to everything",
     set_gradients},
    {"loss", 0, "LOSS",
     "for gradients: squares (default), cross-entropy, ... (a wrong name lists them)", set_loss},
    {"values", 0, "FILE", "for gradients: numbers, x = [1 2], W1 = [1 2; 3 4], ...", set_values},
    {"random", 0, "SEED", "for gradients: random numbers", set_random},
    {"from", 0, "NAME", "of pasted text: its dialect, when it is not recognised", set_from},
    {"model", 0, "NAME", "of pasted code: the class or variable that is meant", set_model},
    {"fix", 0, NULL, "of pasted code: print it with its wrong numbers repaired", set_fix},
    {"standalone", 0, NULL, "LaTeX: a whole document, not a fragment", set_standalone},
    {"dtype", 0, "TYPE", "for memory: f32 (default), f16, bf16, f64, i8", set_dtype},
    {"samples", 0, "N", "for memory: how many samples pass at once (default 1)", set_samples},
    {"train", 0, "OPT", "memory of training with an optimizer: none, sgd, momentum, adam, adamw",
     set_train},
    {"device", 0, "NAME", "for training: cpu (default), cuda", set_device},
    {"batch", 'b', NULL, "one list per line of a file or of standard input, one row for each",
     set_batch},
    {"jobs", 'j', "N", "for --batch: work on N parts at once (default 1)", set_jobs},
    {"list", 0, NULL, "name the built-in networks", ask_list},
    {"help", 'h', NULL, "this text; \"--help layers\" documents every layer", ask_help},
    {"version", 'V', NULL, "the program's version", ask_version},
};

enum { OPTIONS = sizeof table / sizeof *table, FIRST_LONG = 256 };

void options_help(cnn_writer *to)
{
    char line[160];
    static const char usage[] =
        "cnncalc - exact sizes, parameters and MACs of convolutional networks\n"
        "\n"
        "  cnncalc --input 224 --layers conv3-64,maxpool,FC-4096\n"
        "  cnncalc resnet50              a built-in network\n"
        "  cnncalc mynet.cnn             a file; - is standard input\n"
        "\n";
    static const char after[] =
        "\n"
        "exit status: 0 fine; 1 an answer or a line of a batch is wrong; 2 the command "
        "line or a list is wrong; 3 reading or writing failed\n";
    to->write(to->user, usage, sizeof usage - 1);
    for (int i = 0; i < OPTIONS; i++) {
        const char *argument = table[i].argument != NULL ? table[i].argument : "";
        const char letter[] = {'-', table[i].letter, ',', '\0'};
        char name[32];
        (void)snprintf(name, sizeof name, "--%s %s", table[i].name, argument);
        const int size = snprintf(line, sizeof line, "  %s %-18s %s\n",
                                  table[i].letter != 0 ? letter : "   ", name, table[i].brief);
        to->write(to->user, line, (size_t)size);
    }
    to->write(to->user, after, sizeof after - 1);
}

/* The tables that getopt_long wants, from ours; `letters` says whose a letter is. */
static void make_getopt(struct option *longs, char *shorts, int *letters)
{
    *shorts++ = ':'; /* tell a missing argument from an unknown option */
    for (int i = 0; i < OPTIONS; i++) {
        const int has = table[i].argument != NULL ? required_argument : no_argument;
        longs[i] = (struct option){table[i].name, has, NULL, FIRST_LONG + i};
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

static bool fail(const char *what, const char *argument, const char *why)
{
    SAY("cnncalc: ", what, argument, why[0] != '\0' ? ": " : "", why,
        "\n  cnncalc --help lists the options\n");
    return false;
}

static bool fail_option(int result, char **argv)
{
    const char letter[] = {'-', (char)optopt, '\0'};
    const bool is_long = optopt == 0 || optopt >= FIRST_LONG;
    const char *shown = is_long ? argv[optind - 1] : letter;
    return fail(result == ':' ? "a value is missing behind " : "unknown option ", shown, "");
}

/* Numbers are for gradients, and come from one place. */
static bool check_gradient_options(const options *o)
{
    const bool numbers = o->values != NULL || o->random;
    if (o->values != NULL && o->random) {
        return fail("--values and --random are both given", "", "leave one away");
    }
    if ((numbers || o->loss.size > 0) && !o->gradients && o->check_count == 0) {
        return fail("--loss, --values and --random are for gradients", "", "add --gradients");
    }
    if (o->gradients && o->explain) {
        return fail("--explain does not go with --gradients", "",
                    "a derivation is its own working; leave one away");
    }
    return true;
}

/* What is asked has to be something that can be answered. */
static bool check_questions(const options *o)
{
    static const char latex[] = "latex";
    const bool asked =
        o->gradients || o->explain || o->check_count > 0 || o->want_count > 0 || o->like.size > 0;
    const bool in_latex = o->report.format.size == sizeof latex - 1 &&
                          strncasecmp(o->report.format.data, latex, sizeof latex - 1) == 0;
    if (o->batch && asked) {
        return fail("--explain, --check, --want, --like and --gradients do not go with --batch", "",
                    "ask about one list at a time");
    }
    if (o->explain && (o->check_count > 0 || o->want_count > 0 || o->like.size > 0)) {
        return fail("--explain does not go with --check, --want or --like", "",
                    "ask for the working alone");
    }
    if (o->report.standalone && (!in_latex || o->gradients)) {
        return fail("--standalone is for LaTeX of a table or of --explain", "",
                    in_latex ? "leave it or --gradients away" : "add --format latex");
    }
    return check_gradient_options(o);
}

/* What stands beside the options: a network, or the topic of --help. */
static bool read_operands(int count, char **operands, options *out)
{
    if (count > 0 && out->task == TASK_HELP && strcmp(operands[0], "layers") == 0) {
        out->task = TASK_HELP_LAYERS;
        return true;
    }
    if (out->task != TASK_REPORT) {
        return true;
    }
    if (count > 1) {
        return fail("one network at a time; there is no place for ", operands[1],
                    "quote lists that contain blanks");
    }
    out->operand = count > 0 ? operands[0] : NULL;
    if (!check_questions(out)) {
        return false;
    }
    if (out->batch && out->layer_parts > 0) {
        return fail("--layers does not go with --batch", "",
                    "the lists come from a file or a pipe");
    }
    if (out->operand != NULL && out->layer_parts > 0) {
        return fail("a network and --layers are both given: ", out->operand, "leave one away");
    }
    if (!out->batch && out->operand == NULL && out->layer_parts == 0) {
        return fail("no layers are given", "", "try cnncalc --layers conv3-64,maxpool,FC-10");
    }
    return true;
}

bool options_read(int argc, char **argv, options *out)
{
    struct option longs[OPTIONS + 1];
    char shorts[2 * OPTIONS + 2];
    int letters[FIRST_LONG];
    out->jobs = 1;
    make_getopt(longs, shorts, letters);
    opterr = 0;
    for (;;) {
        const int result = getopt_long(argc, argv, shorts, longs, NULL);
        if (result == -1) {
            break;
        }
        if (result == '?' || result == ':') {
            return fail_option(result, argv);
        }
        const int i = result >= FIRST_LONG ? result - FIRST_LONG : letters[result];
        const char *wrong = table[i].handle(out, optarg);
        if (wrong != NULL) {
            char name[32];
            (void)snprintf(name, sizeof name, "--%s ", table[i].name);
            return fail(name, optarg, wrong);
        }
    }
    return read_operands(argc - optind, argv + optind, out);
}
