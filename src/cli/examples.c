/* The page of examples. A test runs each of them. */
#include "examples.h"

#include <string.h>

const example examples[] = {
    {"cnncalc -i 32 -l 'conv5-6 p0, maxpool, FC-10'", "Sizes, parameters and MACs of a list"},
    {"cnncalc resnet50", "A built-in network, a row for each stage"},
    {"cnncalc resnet50 --all -c index,path,layer,output", "The same, every layer"},
    {"cnncalc vgg16 -c +rf,jump", "The receptive field besides"},
    {"cnncalc vgg16 -c layer,params,params%,macs%", "Where parameters and MACs are"},
    {"cnncalc vgg16 -f tsv | cut -f 1,2,5", "Plain numbers for other programs"},
    {"cnncalc -e -c output,params -i 224 -l 'conv7-64 s2, maxpool'", "The working"},
    {"cnncalc -i 32 -l 'conv5-6 p0' -k output=6x28x28 -k params=450",
     "Check answers; a wrong one is told the mistake"},
    {"cnncalc mobilenet_v2 -k 'macs<=600M' -k 'params<5M'",
     "A budget: exit status 1 when it is exceeded"},
    {"cnncalc -i 224 -l 'conv7-64 s2 p?, maxpool' -w 56", "Solve for a number"},
    {"cnncalc resnet50 --train adam --samples '?' -w 'train<=8GiB'",
     "The largest batch that can be trained in 8 GiB"},
    {"cnncalc resnet50 --fold --dtype i8 -c layer,params,memory",
     "As deployed: batch norms folded, 8-bit numbers"},
    {"cnncalc vgg16 --like thop", "What another counter reports, and why"},
    {"cnncalc -g -l 'FC-2, sigmoid, FC-1' -i vector3", "Gradients in textbook notation"},
    {"cnncalc -g --random 1 -l 'FC-2, sigmoid, FC-1' -i vector3", "The same with numbers"},
    {"cnncalc -i vector3 -l 'FC-2' -k 'dW1 = 2*(z1-y)*x^T'", "Check a derivative"},
    {"echo 'nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8, 10))' | "
     "cnncalc -i 32 --fix -",
     "Repair the numbers of PyTorch code"},
    {"cnncalc -f pytorch -i 32 -l 'conv3-8, relu, gap, FC-10'", "A list as PyTorch code"},
    {"printf 'conv3-64,maxpool\\nvgg16\\n' | cnncalc --batch -c +flops",
     "Many lists, a row for each"},
    {"cnncalc vgg16 -f svg > vgg16.svg", "A picture"},
};

const size_t example_count = sizeof examples / sizeof *examples;

static void put(cnn_writer *to, const char *string)
{
    to->write(to->user, string, strlen(string));
}

void examples_write(cnn_writer *to)
{
    for (size_t i = 0; i < example_count; i++) {
        put(to, examples[i].brief);
        put(to, "\n  ");
        put(to, examples[i].command);
        put(to, "\n");
    }
}
