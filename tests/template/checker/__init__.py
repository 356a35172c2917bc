"""Tests of `local/template`, which checks any ROS template."""
