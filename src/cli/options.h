/* The command line. */
#ifndef CNN_CLI_OPTIONS_H
#define CNN_CLI_OPTIONS_H

#include <cnncalc/cnncalc.h>

enum { MAX_PARTS = 64, MAX_WANTS = 8 };

/* What the program is asked to do. */
typedef enum task {
    TASK_REPORT,
    TASK_HELP,
    TASK_HELP_LAYERS,
    TASK_HELP_COLUMNS,
    TASK_HELP_FORMATS,
    TASK_LIST,
    TASK_VERSION
} task;

typedef struct options {
    task task;
    const char *operand; /* a built-in network, a file or "-" */
    const char *layers[MAX_PARTS];
    int layer_parts;
    cnn_text defines[MAX_PARTS];
    int define_count;
    cnn_text input;             /* the last one given */
    cnn_text inputs[MAX_PARTS]; /* all of them, for the inputs of a model file */
    int input_count;
    bool batch; /* one list in each line of the input */
    int jobs;   /* how many lines at once */
    cnn_report_options report;
    bool explain;
    const char *checks[MAX_PARTS]; /* answers to check; "@" begins the name of a sheet */
    int check_count;
    bool gradients;
    cnn_text loss;
    const char *values; /* a file; NULL: none is given */
    bool random;        /* values from a seed */
    uint64_t seed;
    cnn_text wants[MAX_WANTS]; /* what to solve the "?" for */
    int want_count;
    cnn_text from;  /* the dialect of pasted text */
    cnn_text model; /* the class that is meant */
    bool fix;       /* write the pasted code with its numbers repaired */
    cnn_text like; /* a program whose totals are wanted */
} options;

/* False: a message has been written to standard error. */
bool options_read(int argc, char **argv, options *out);

/* The usage text, made from the table of options. A writer that fails keeps its failure. */
void options_help(cnn_writer *to);

#endif
