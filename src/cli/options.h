/* The command line. */
#ifndef CNN_CLI_OPTIONS_H
#define CNN_CLI_OPTIONS_H

#include <cnncalc/cnncalc.h>

enum { MAX_PARTS = 64, MAX_WANTS = 8 };

/* What can be asked about lists. */
typedef enum task {
    TASK_REPORT,
    TASK_EXPLAIN,
    TASK_CHECK_SIZES,
    TASK_CHECK_GRADIENTS,
    TASK_SOLVE,
    TASK_LIKE,
    TASK_GRADIENTS,
    TASK_FIX,
    TASK_BATCH, /* many lists; those before it are about one */
    TASK_BESIDE /* asked for by naming several networks or inputs */
} task;

#define FOR(task) (1u << TASK_##task)

/* What is asked about the program itself; then everything else is left aside. */
typedef enum help {
    HELP_NONE,
    HELP_OPTIONS,
    HELP_LAYERS,
    HELP_PYTORCH,
    HELP_KERAS,
    HELP_EXAMPLES,
    HELP_COLUMNS,
    HELP_FORMATS,
    HELP_LIST,
    HELP_VERSION
} help;

/* --color */
typedef enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color_when;

typedef struct options {
    help help;
    uint64_t given;      /* a bit for each option of the table */
    uint32_t asked;      /* a bit for each task that an option asks for; 0: a report */
    const char *operand; /* a built-in network, a file or "-": the first one; NULL: none is named */
    bool (*known)(const char *operand); /* whether there is one; set before anything is read */
    const char *operands[MAX_PARTS];
    int operand_count;
    const char *layers[MAX_PARTS];
    int layer_parts;
    cnn_text defines[MAX_PARTS];
    int define_count;
    cnn_text input;             /* the last one given */
    cnn_text inputs[MAX_PARTS]; /* all of them */
    int input_count;
    int named_inputs; /* how many of them are of the form NAME=SIZE */
    int jobs;         /* how many parts of a batch at once */
    cnn_report_options report;
    color_when color;
    bool quiet;                    /* no remarks, no progress */
    bool samples_wanted;           /* --samples ?: the most that fit */
    bool fold;                     /* batch norms into the layers before them */
    const char *checks[MAX_PARTS]; /* answers to check; "@" begins the name of a sheet */
    int check_count;
    cnn_text loss;
    const char *values; /* a file; NULL: none is given */
    bool random;        /* values from a seed */
    uint64_t seed;
    cnn_text wants[MAX_WANTS]; /* what to solve the "?" for */
    int want_count;
    cnn_text from;  /* the dialect of pasted text */
    cnn_text model; /* the class that is meant */
    cnn_text like;  /* a program whose totals are wanted */
} options;

/* One option; the table of them is in options.c. */
typedef struct option_row {
    const char *name;
    char letter;          /* 0: none */
    const char *argument; /* NULL: it takes none */
    const char *brief;
    /* What it sets: this reads the argument and returns NULL, or what is wrong with it; */
    const char *(*handle)(options *o, const char *argument);
    size_t field;       /* or it is a text of `options`, a flag where there is no argument; 0: no */
    const char *empty;  /* what is wrong when that text is empty; NULL: it may be */
    help help;          /* or this is asked for */
    uint32_t asks;      /* the task that it asks for; of two bits, one of them */
    uint32_t goes_with; /* the tasks for which it means something */
    bool repeats;       /* it may be given several times */
} option_row;

extern const option_row *const options_table;
extern const int options_count;

/* What --help can be followed by. */
typedef struct help_topic {
    const char *name;
    help topic;
} help_topic;

extern const help_topic help_topics[];
extern const size_t help_topic_count;

/* What each exit status means, by the status. */
enum { EXIT_STATUSES = 4 };
extern const char *const exit_meanings[EXIT_STATUSES];

/* getopt_long gives a letter or, from here on, the number of a long option. */
enum { OPTIONS_FIRST_LONG = 256 };

/* False: a message has been written to standard error. */
bool options_read(int argc, char **argv, options *out);

/* Whether the options mean something together. False: a message has been written. */
bool options_together(const options *o);

/* The same once the claims are known: whether they are about gradients or about sizes. */
bool options_fit_claims(const options *o, bool derived);

/* The same once the network is there: whether it is a model file. */
bool options_fit_network(const options *o, bool model);

/* Writes "cnncalc: WHAT ARGUMENT: WHY" and returns false. */
bool options_fail(const char *what, const char *argument, const char *why);

/* The same for what getopt_long has refused; `result` is what it returned. */
bool options_fail_getopt(int result, char **argv);

/* The usage text, made from the table of options. A writer that fails keeps its failure. */
void options_help(cnn_writer *to);

#endif
